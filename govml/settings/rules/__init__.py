"""Rules between keys of the agency file; `all_rules` judges them."""
