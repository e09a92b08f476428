"""What a request costs: server CPU, latency, queries and bytes of ten pages, on both databases."""
