// Package observability holds the files with which other programs show the core, for whoever starts those programs.
package observability

import _ "embed" // the files

// IcingaObjects is the host and the services of Icinga 2. They need no other file but Icinga's own template library.
//
//go:embed icinga/fxcore.conf
var IcingaObjects string

// PrometheusRules is a file of alerting rules.
//
//go:embed prometheus/rules.yml
var PrometheusRules string
