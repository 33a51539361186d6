insert into trade_comparison (story) values ($1)
