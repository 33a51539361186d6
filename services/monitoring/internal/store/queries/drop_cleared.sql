delete from alert where state = 'cleared' and cleared_at < now() - interval '30 days'
