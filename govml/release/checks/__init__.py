"""Checks of a deployed model: does it answer as it was tested, is it no worse than the champion, does it bear the load?"""
