// Package operator asks a running core's own pages, as the person who operates it: by a certificate that only that person can read.
package operator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"fxcore/lambda/trust"
)

// The parameters of a page's URL in the core's record: the files with the core's authority and with the operator's certificate.
const (
	caParameter          = "cacertfile"
	certificateParameter = "certfile"
)

// domain ends the names of components, by which their certificates are checked. All are on this machine.
const domain = ".fxcore"

// Page returns the URL of a component's pages, for the record.
func Page(component string, port int, caFile, certificateFile string) string {
	query := url.Values{caParameter: {caFile}, certificateParameter: {certificateFile}}
	return fmt.Sprintf("https://%s%s:%d?%s", component, domain, port, query.Encode())
}

// Do makes a request at a component's page. base is its URL from the record. path may have a query. The caller closes the answer's body.
func Do(ctx context.Context, method, base, path string) (*http.Response, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("the core's record has a URL that is not valid")
	}
	known, err := trust.Open(trust.Config{CAFile: u.Query().Get(caParameter), CertificateFile: u.Query().Get(certificateParameter)})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "https://"+u.Host+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		name, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, domain) {
			address = net.JoinHostPort("127.0.0.1", port)
		}
		return (&tls.Dialer{Config: known.Dialing(name)}).DialContext(ctx, network, address)
	}
	return (&http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialTLSContext: dial}}).Do(request)
}
