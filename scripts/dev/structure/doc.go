// Package structure tests the structure of the project: which package may depend on which, that lambda has no
// business words, and that package variables never change. It does not repeat what the compiler and the linters
// check.
package structure
