"""The portal's pages: each translates a request in, makes one call, and shows what came out."""
