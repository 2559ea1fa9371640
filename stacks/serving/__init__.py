"""From an approved model to traffic: endpoints, releases, promotion between environments."""
