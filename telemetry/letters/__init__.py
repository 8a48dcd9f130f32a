"""Messages that broke the contract: look them up in the lake, group them, mend them, and send them once more."""
