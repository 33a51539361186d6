select id::text from auth.request
