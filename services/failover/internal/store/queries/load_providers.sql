select gateway, provider, home, epoch, stay, comes_back, commanded_at from provider
