package deployment

import "strings"

// ImageVariable is the setting by which a stack names the image of a program or server: IMAGE_MAINFRAME_SIMULATOR.
func ImageVariable(name string) string {
	return "IMAGE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}
