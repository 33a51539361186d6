// Package stream tells listeners what changed in the read model, as server-sent events.
//
// A position is the id of a database transaction below which everything is visible (see ADR 23). Positions are the same on every
// replica, so a listener that is cut resumes at any of them without a gap or a repeat: what it missed is read from the table.
package stream
