// Package dates proves that trading and linecheck date the same request alike. The two must not import each other, so each of
// them answers the same drawn requests in a test of its own, by the messages that it reads, and the answers are held to one
// listing: trading writes it, linecheck must find the same.
//
// The listing of a few thousand requests is a file beside this one. `make dates DATES=200000` draws as many, in a file of
// their own. Only tests import the package.
package dates
