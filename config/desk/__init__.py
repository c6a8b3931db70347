"""The operators' desk as a whole: how the admin looks, where it leads, and its first page."""
