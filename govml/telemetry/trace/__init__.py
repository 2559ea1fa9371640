"""From a request's correlation id to the training run of the model that answered it."""
