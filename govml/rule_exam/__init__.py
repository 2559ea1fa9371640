"""An exam for the rules: break one security setting of a good template at a time, and see which defects are found."""
