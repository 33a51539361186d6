select node, reserved::text, consumed::text from linecheck.node_usage
