// Package providerfile is what the gateways' provider files have in common.
package providerfile

import (
	"fmt"
	"net/netip"
	"slices"
)

// Networks are where a provider may come from; none: from anywhere.
type Networks []netip.Prefix

// ParseNetworks reads CIDRs. The faults name those that are none.
func ParseNetworks(texts []string) (networks Networks, faults []error) {
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("addresses: %q is not a CIDR such as 192.0.2.0/24", text))
			continue
		}
		networks = append(networks, network.Masked())
	}
	return networks, faults
}

// Allow tells whether a provider may come from an address.
func (n Networks) Allow(address netip.Addr) bool {
	return len(n) == 0 || slices.ContainsFunc(n, func(network netip.Prefix) bool { return network.Contains(address.Unmap()) })
}

// Claims are what only one provider may have.
type Claims struct {
	seen   map[string]int
	faults []error
}

// Claim notes that a provider, by its place in the file, has a value under a key.
func (c *Claims) Claim(place int, id, key, value string) {
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	if first, taken := c.seen[key+value]; taken {
		c.faults = append(c.faults, fmt.Errorf("provider file: providers[%d] (%s): %s: taken by providers[%d]", place, id, key, first))
	}
	c.seen[key+value] = place
}

// Faults returns an error for each claim to a value that another provider has claimed before.
func (c *Claims) Faults() []error { return c.faults }
