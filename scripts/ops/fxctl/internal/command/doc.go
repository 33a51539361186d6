// Package command is what fxctl can do: one file for each part of the core.
package command
