"""The desk's pages of rooms that do not know the desk: they lie below the room of its people."""

from config.desk import agreements as agreements
from config.desk import deadlines as deadlines
from config.desk import negotiated as negotiated
