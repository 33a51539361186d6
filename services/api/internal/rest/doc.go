// Package rest is the HTTP interface of the core: one file for each resource. The OpenAPI document is made from its types.
//
// Every error is a problem (RFC 9457) with a code. A request that the core refuses is not an error: it is a trade with the state
// rejected. Amounts and rates are texts, because numbers lose digits in browsers.
package rest
