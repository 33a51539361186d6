// Package structure holds the tests of the project's shape: which part may know which, that what all share is about no
// business, and that nothing global changes. What the compiler and the linters check already is not repeated here.
package structure
