"""The emulator's side of SageMaker hosting: endpoints and their states. Their models run in `govml local serve`."""
