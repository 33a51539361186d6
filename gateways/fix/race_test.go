//go:build race

package main

// raceMemory is how much more a program under the race detector needs, for what it remembers of each access.
const raceMemory = 8
