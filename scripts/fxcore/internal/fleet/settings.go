package fleet

// The settings of single programs. Everything that is not here has the program's own default.

func (f Fleet) simulator() []string {
	return []string{
		"SIMULATOR_LISTEN=" + f.address(f.Ports.Mainframe()), "SIMULATOR_CONTROL=" + f.address(f.Ports.MainframeControl()),
		"SIMULATOR_FOLDER=" + f.Folder.Data("mainframe"),
	}
}

func (f Fleet) mainframe() []string {
	return []string{"MAINFRAME_ADDR=" + f.address(f.Ports.Mainframe())}
}

func (f Fleet) gateway() []string {
	return []string{
		"FIX_ADDR=" + f.address(f.Ports.FIX()), "FIX_TLS_ADDR=" + f.address(f.Ports.FIXTLS()),
		"FIX_TLS_CERTIFICATE_FILE=" + f.Folder.Path(certificateFile), "FIX_TLS_KEY_FILE=" + f.Folder.Path(keyFile),
		"FIX_PROVIDERS_FILE=" + f.Folder.Path(providersFile),
	}
}

func (f Fleet) provider() []string {
	return []string{"FIX_ADDR=" + f.address(f.Ports.FIX())}
}
