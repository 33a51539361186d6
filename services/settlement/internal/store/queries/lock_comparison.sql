select compared, finished, extract(epoch from now() - moved_at)::float8 from trade_comparison where story = $1 for update
