package broker

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"fxcore/lambda/amqp"
)

type user struct {
	Name         string   `json:"name"`
	PasswordHash string   `json:"password_hash"`
	Hashing      string   `json:"hashing_algorithm"`
	Tags         []string `json:"tags"`
}

// permission is what a user may do with exchanges and queues, as regular expressions of their names. Nobody configures: the definitions
// hold all that there is.
type permission struct {
	User      string `json:"user"`
	Vhost     string `json:"vhost"`
	Configure string `json:"configure"`
	Write     string `json:"write"`
	Read      string `json:"read"`
}

// topicPermission is which routing keys a user may publish to an exchange. Without one, a user may publish all.
type topicPermission struct {
	User     string `json:"user"`
	Vhost    string `json:"vhost"`
	Exchange string `json:"exchange"`
	Write    string `json:"write"`
	Read     string `json:"read"`
}

const (
	nothing = "^$"
	anyWord = `[^.]+`
	sha     = "rabbit_password_hashing_sha256"
)

// addUsers adds a user for each topology's service.
func (d *Definitions) addUsers(vhost string, topologies []amqp.Topology) {
	for _, t := range topologies {
		r := rightsOf(t)
		d.Users = append(d.Users, user{Name: t.Service, Hashing: sha, Tags: []string{}})
		d.Permissions = append(d.Permissions, permission{
			User: t.Service, Vhost: vhost, Configure: nothing, Write: oneOf(quoted(r.exchanges())), Read: oneOf(r.queues),
		})
		for _, exchange := range r.exchanges() {
			if keys := r.keys[exchange]; keys != nil {
				d.TopicPermissions = append(d.TopicPermissions, topicPermission{
					User: t.Service, Vhost: vhost, Exchange: exchange, Write: oneOf(keys), Read: nothing,
				})
			}
		}
	}
}

// rights is what a service's declarations need, as regular expressions.
type rights struct {
	keys   map[string][]string // exchange to routing keys; nil for an exchange that has none
	queues []string            // to read
}

func (r rights) exchanges() (names []string) {
	for name := range r.keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func rightsOf(t amqp.Topology) rights {
	r := rights{keys: map[string][]string{amqp.LogQueue: nil}}
	for _, p := range t.Publishes {
		r.keys[p.Exchange] = append(r.keys[p.Exchange], regexp.QuoteMeta(p.Type.Name)+`\.`+originOf(p))
	}
	for _, q := range t.Queues {
		r.queues = append(r.queues, nameOf(q.Name))
		if q.IsStream() {
			continue
		}
		r.keys[amqp.ErrorQueue] = nil
		for _, rest := range q.RestQueues() {
			r.keys[amqp.RestExchange] = append(r.keys[amqp.RestExchange], nameOf(rest))
		}
	}
	for _, name := range t.Takes {
		r.queues = append(r.queues, regexp.QuoteMeta(name))
	}
	if t.Replays {
		r.keys[amqp.ReplayExchange] = []string{".+"}
	}
	return r
}

func originOf(p amqp.Publication) string {
	if p.Shared {
		return regexp.QuoteMeta(amqp.SharedOrigin)
	}
	if p.Origin != "" {
		return regexp.QuoteMeta(p.Origin)
	}
	return anyWord
}

func quoted(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = regexp.QuoteMeta(name)
	}
	return all
}

// nameOf is a queue's name, or all names of a queue that each provider has.
func nameOf(queue string) string {
	before, after, each := strings.Cut(queue, "."+unnamed)
	if !each {
		return regexp.QuoteMeta(queue)
	}
	return regexp.QuoteMeta(before+".") + anyWord + regexp.QuoteMeta(after)
}

// oneOf matches each of the expressions, from beginning to end.
func oneOf(expressions []string) string {
	if len(expressions) == 0 {
		return nothing
	}
	return "^(" + strings.Join(expressions, "|") + ")$"
}

// Operator is a user that is no program.
type Operator struct {
	Name, Password string
	Tags           []string

	configure, write, read string // as in a permission
}

// Administrator returns the user that may do everything: who starts the broker.
func Administrator(name, password string, tags ...string) Operator {
	return Operator{name, password, tags, ".*", ".*", ".*"}
}

// Observer returns the user that looks: how long each queue is, which needs no right, and what lies in the queues of failed and of
// unroutable messages.
func Observer(name, password string) Operator {
	return Operator{name, password, []string{"monitoring"}, nothing, nothing, oneOf(quoted([]string{amqp.ErrorQueue, amqp.UnroutableQueue}))}
}

// WithPasswords returns the definitions with the hash of each user's password, and with the operators. They are a secret.
func (d Definitions) WithPasswords(vhost string, passwords map[string]string, operators ...Operator) Definitions {
	d.Users = slices.Clone(d.Users)
	for i := range d.Users {
		d.Users[i].PasswordHash = hash(passwords[d.Users[i].Name])
	}
	d.Permissions = slices.Clip(d.Permissions)
	for _, o := range operators {
		d.Users = append(d.Users, user{o.Name, hash(o.Password), sha, o.Tags})
		d.Permissions = append(d.Permissions, permission{o.Name, vhost, o.configure, o.write, o.read})
	}
	return d
}

// hash is RabbitMQ's hash of a password: a salt, and the digest of salt and password. No password has no hash, and cannot be used.
func hash(password string) string {
	if password == "" {
		return ""
	}
	salt := make([]byte, 4)
	_, _ = rand.Read(salt) // never fails
	sum := sha256.Sum256(slices.Concat(salt, []byte(password)))
	return base64.StdEncoding.EncodeToString(slices.Concat(salt, sum[:]))
}

// Publishers returns who publishes which type.
func Publishers(topologies []amqp.Topology) amqp.Publishers {
	all := amqp.Publishers{}
	for _, t := range topologies {
		for _, p := range t.Publishes {
			if !slices.Contains(all[p.Type.Name], t.Service) {
				all[p.Type.Name] = append(all[p.Type.Name], t.Service)
			}
		}
	}
	for _, users := range all {
		slices.SortFunc(users, cmp.Compare[string])
	}
	return all
}

// Signers returns the services that sign messages.
func Signers(topologies []amqp.Topology) (services []string) {
	for _, t := range topologies {
		if slices.ContainsFunc(t.Publishes, func(p amqp.Publication) bool { return p.Signed }) {
			services = append(services, t.Service)
		}
	}
	return services
}
