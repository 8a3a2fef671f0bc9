"""What is not yet reported: reporting triangles, nowcasts with intervals, and how good they would have been."""
