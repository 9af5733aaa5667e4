"""The Model Context Protocol: what others may ask (`api/tools`) as tools, resources and prompts, over stdio and HTTP."""
