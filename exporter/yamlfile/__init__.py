"""A YAML file -> a checked model, or every mistake with its line.

The program reads two such files, its configuration and the web configuration; the rules of
reading and the words of complaint are here once.
"""
