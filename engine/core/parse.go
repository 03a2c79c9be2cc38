package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/yardmaster/yardmaster/rules"
)

// decoders reads each command's fields, by name, in the order of the
// documentation.
func decoders() []decoder {
	return []decoder{
		decode[CreateTicket](), decode[UpdateTicket](), decode[AddMessage](), decode[AssignTicket](), decode[AcceptOffer](),
		decode[DeclineOffer](), decode[ReleaseTicket](), decode[SolveTicket](), decode[ReopenTicket](), decode[CloseTicket](),
		decode[PutAgent](), decode[RemoveAgent](), decode[SetPresence](), decode[NextTicket](), decode[PutOrganization](),
		decode[ApplyConfig](), decode[Outage](), decode[Tick](),
	}
}

type decoder struct {
	name string
	zero Command
	read func(body []byte) (Command, error)
}

func decode[C Command]() decoder {
	var zero C
	return decoder{zero.Kind(), zero, func(body []byte) (Command, error) {
		var c C
		err := strict(body, &c)
		return c, err
	}}
}

// decoderOf finds a command's decoder by its name.
func decoderOf(name string) (decoder, bool) {
	all := decoders()
	i := slices.IndexFunc(all, func(d decoder) bool { return d.name == name })
	if i < 0 {
		return decoder{}, false
	}
	return all[i], true
}

func strict(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the object")
	}
	return nil
}

// CommandNames lists the names of all commands.
func CommandNames() []string {
	var names []string
	for _, d := range decoders() {
		names = append(names, d.name)
	}
	return names
}

// ParseCommand reads a command's fields from a JSON object. It is strict: a key
// that the command does not have is refused. The error is a *Rejection that
// names the field.
func ParseCommand(name string, body []byte) (Command, error) {
	d, ok := decoderOf(name)
	if !ok {
		return nil, reject(ReasonInvalid, "command", "%q is not a command%s", name, hinted(rules.Suggest(name, CommandNames())))
	}
	command, err := d.read(body)
	if err != nil {
		return nil, parseRejection(name, err)
	}
	return command, nil
}

// ParseInput reads one line of a command stream: a JSON object with "command",
// optionally "at" and "key", and the command's own fields beside them. The error
// is a *Rejection that names the field.
func ParseInput(line []byte) (Input, error) {
	var fields map[string]json.RawMessage
	if err := strict(line, &fields); err != nil {
		return Input{}, parseRejection("a command", err)
	}
	var in Input
	var name string
	for _, f := range []struct {
		key  string
		into any
	}{{"at", &in.At}, {"key", &in.Key}, {"command", &name}} {
		raw, given := fields[f.key]
		if !given {
			continue
		}
		if err := json.Unmarshal(raw, f.into); err != nil {
			return Input{}, reject(ReasonInvalid, f.key, "%s", plain(err))
		}
		delete(fields, f.key)
	}
	if name == "" {
		return Input{}, reject(ReasonRequired, "command", "a line names its command, one of %s", strings.Join(CommandNames(), ", "))
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return Input{}, reject(ReasonInvalid, "", "%v", err)
	}
	in.Command, err = ParseCommand(name, body)
	return in, err
}

// MarshalJSON renders the line that ParseInput reads.
func (in Input) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(struct {
		At      Instant `json:"at,omitzero"`
		Key     string  `json:"key,omitempty"`
		Command string  `json:"command"`
	}{in.At, in.Key, in.Command.Kind()})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(in.Command)
	if err != nil {
		return nil, fmt.Errorf("core: encode %s: %w", in.Command.Kind(), err)
	}
	if string(body) == "{}" {
		return head, nil
	}
	return append(append(head[:len(head)-1], ','), body[1:]...), nil
}

// parseRejection says in the domain's words what a JSON decoder found.
func parseRejection(name string, err error) *Rejection {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return reject(ReasonInvalid, strings.ReplaceAll(kind.Field, ".", "/"), "%s: a %s is not what belongs here", name, kind.Value)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		field = strings.Trim(field, `"`)
		return reject(ReasonInvalid, field, "%s has no field %q%s", name, field, hinted(rules.Suggest(field, fieldNames(name))))
	}
	return reject(ReasonInvalid, "", "%s: %s", name, plain(err))
}

func hinted(hint string) string {
	if hint == "" {
		return ""
	}
	return "; " + hint
}

// plain drops the package that an error names: callers speak for themselves.
func plain(err error) string {
	text := strings.TrimPrefix(err.Error(), "json: ")
	return strings.TrimPrefix(text, "core: ")
}
