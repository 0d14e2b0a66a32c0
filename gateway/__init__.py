"""HTTP and WebSocket edge: OpenEnv messages, episodes and rewards."""
