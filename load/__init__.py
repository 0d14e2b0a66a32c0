"""Plays many episodes at once against running gateways and checks what every step earned."""
