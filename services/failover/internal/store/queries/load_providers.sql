select gateway, provider, home, epoch, stay, comes_back, commanded_at, lost, lost_since, kept, kept_until from provider
