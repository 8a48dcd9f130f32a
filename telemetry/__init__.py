"""Takes in the fleet's reports and follows its missions."""
