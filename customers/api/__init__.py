"""The API of accounts and usage, and what every room's API is made of: keys, problems, answers given once."""
