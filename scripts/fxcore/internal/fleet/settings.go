package fleet

// The settings of single programs. Everything that is not here has the program's own default.

func (f Fleet) simulator() []string {
	return []string{"LISTEN_ADDR=" + f.address(f.Ports.Mainframe()), "CONTROL_ADDR=" + f.address(f.Ports.MainframeControl())}
}

func (f Fleet) mainframe() []string {
	return []string{"MAINFRAME_ADDR=" + f.address(f.Ports.Mainframe())}
}

func (f Fleet) gateway() []string {
	return []string{
		"FIX_LISTEN=" + f.address(f.Ports.FIX()), "FIX_LISTEN_TLS=" + f.address(f.Ports.FIXTLS()),
		"FIX_TLS_CERTIFICATE_FILE=" + f.Folder.Path(certificateFile), "FIX_TLS_KEY_FILE=" + f.Folder.Path(keyFile),
		"FIX_PROVIDERS=" + f.Folder.Path(providersFile),
	}
}

func (f Fleet) provider() []string {
	return []string{"FIX_ADDRESS=" + f.address(f.Ports.FIX())}
}
