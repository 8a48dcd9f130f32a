"""The ships of Hocotate Freight."""
