//go:build !race

package main

const raceMemory = 1 // see race_test.go
