"""What a batch must satisfy: expectations, rules across rows, comparison with the previous export."""
