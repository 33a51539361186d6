package screen

import "strings"

func (s Screen) bold(text string) string  { return s.paint("1", text) }
func (s Screen) green(text string) string { return s.paint("32", text) }
func (s Screen) red(text string) string   { return s.paint("31", text) }

func (s Screen) yellow(text string) string { return s.paint("33", text) }

// paint adds ECMA-48 SGR codes, if colours are wanted.
func (s Screen) paint(code, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// cut shortens a line to the visible width of columns. Colour codes have no width and are never cut.
func cut(line string, columns int) string {
	if columns <= 0 {
		return line
	}
	var b strings.Builder
	seen, inCode := 0, false
	for _, r := range line {
		switch {
		case r == '\x1b':
			inCode = true
		case inCode:
			inCode = r != 'm'
		case seen == columns:
			continue
		default:
			seen++
		}
		b.WriteRune(r)
	}
	return b.String()
}
