package fleet

import "time"

// The settings of single programs. Everything that is not here has the program's own default.

func (f Fleet) simulator() []string {
	return []string{"LISTEN_ADDR=" + f.address(f.Ports.Mainframe()), "CONTROL_ADDR=" + f.address(f.Ports.MainframeControl())}
}

func (f Fleet) mainframe() []string {
	return []string{"MAINFRAME_ADDR=" + f.address(f.Ports.Mainframe())}
}

func (f Fleet) gateway() []string {
	return []string{"FIX_ADDR=" + f.address(f.Ports.FIX()), "FIX_PROVIDERS=" + f.Folder.Path("providers.json")}
}

func (f Fleet) provider() []string {
	return []string{"FIX_ADDR=" + f.address(f.Ports.FIX()), "REDIS_URL=" + ""}
}

const _ = time.Second
