"""What a request costs: server CPU, latency, queries and bytes of nine pages, on both databases."""
