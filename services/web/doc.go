// Package web is what all HTTP interfaces of the core share: the server over TLS, errors as problems (RFC 9457), the trace of each request,
// strict content, pages of lists, and bounds for callers. Who may ask what is for services/signin.
package web
