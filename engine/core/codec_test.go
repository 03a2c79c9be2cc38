package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yardmaster/yardmaster/sla"
)

// records are one of each kind that is encoded.
func records() map[string]record {
	return map[string]record{
		"desk": &deskRow{}, "configuration": &configRow{}, "organization": &Organization{}, "agent": &Agent{}, "ticket": &Ticket{},
		"entry": &entryRecord{}, "event": &Event{}, "reply": &Reply{}, "key": &KeyRecord{}, "value": &Value{}, "field": &Field{},
		"requirement": &Requirement{}, "offer": &Offer{}, "refusal": &Refusal{}, "span": &Span{}, "clock": &Clock{},
	}
}

// derived are the fields that no record keeps: sums of other rows, a flag of the
// shell, and texts kept beside what they encode.
func derived(path string) bool {
	switch path {
	case "Agent.Load", "Agent.Held", "Agent.Ringing", "Reply.Replayed", "Entry.body", "Entry.Command", "Value.num":
		return true
	}
	return false
}

func TestEveryFieldSurvivesTheRoundTrip(t *testing.T) {
	for name, r := range records() {
		t.Run(name, func(t *testing.T) {
			n := 0
			fill(reflect.ValueOf(r).Elem(), &n)
			data := appendRecord(nil, r)
			again, ok := reflect.New(reflect.TypeOf(r).Elem()).Interface().(record)
			if !ok {
				t.Fatal("not a record")
			}
			if err := readRecord(data, again); err != nil {
				t.Fatal(err)
			}
			exported := cmp.Exporter(func(reflect.Type) bool { return true })
			if diff := cmp.Diff(r, again, exported, cmpopts.IgnoreFields(Value{}, "num")); diff != "" {
				t.Errorf("%s (-written +read):\n%s", name, diff)
			}
			if !bytes.Equal(data, appendRecord(nil, again)) {
				t.Error("what was read is written otherwise")
			}
		})
	}
}

// fill makes every field different from zero and from every other, so that one
// that is forgotten, or two that are exchanged, cannot go unnoticed.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		switch at := reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Interface().(type) {
		case *Value:
			*at = List(fmt.Sprint("item", *n), "other")
			return
		case *sla.Amount:
			*at = sla.Amount{BusinessDays: *n}
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if derived(v.Type().Name() + "." + f.Name) {
				continue
			}
			field := v.Field(i)
			fill(reflect.NewAt(f.Type, field.Addr().UnsafePointer()).Elem(), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("text", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(-int64(*n))
	case reflect.Uint8:
		v.SetUint(uint64(*n%255 + 1))
	case reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(1_000_000 + *n))
	default:
		panic("fill: " + v.Kind().String())
	}
}

func TestValueKindsSurviveTheRoundTrip(t *testing.T) {
	for _, v := range []Value{{}, Text(""), Text("a"), Bool(false), Bool(true), Number(0), Number(-1.5e300), List(), List("a", "")} {
		var again Value
		if err := readRecord(appendRecord(nil, &v), &again); err != nil {
			t.Fatalf("%v: %v", v, err)
		}
		if !v.Equal(again) || fmt.Sprint(v.Any()) != fmt.Sprint(again.Any()) {
			t.Errorf("%#v reads back as %#v", v, again)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var fromJSON Value
		if err := json.Unmarshal(text, &fromJSON); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !v.Equal(fromJSON) {
			t.Errorf("%#v reads back from JSON %s as %#v", v, text, fromJSON)
		}
	}
}

// TestZeroFieldsAreLeftOut pins the canonical form: equal values have equal
// bytes, and a zero value has none but the end.
func TestZeroFieldsAreLeftOut(t *testing.T) {
	for name, r := range records() {
		want := []byte{0}
		if name == "key" {
			continue // its hashes are always there
		}
		if got := appendRecord(nil, r); !bytes.Equal(got, want) {
			t.Errorf("%s: a zero record is % x, want % x", name, got, want)
		}
	}
}

// TestWireFormat pins the bytes of Format 1: what is on disk must stay readable.
func TestWireFormat(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    record
		want string
	}{
		{"numbers are varints", &deskRow{tickets: 300, agents: 2}, "01 ac02 02 02 00"},
		{"instants are zigzag", &Span{At: -1, Status: StatusOpen, Running: 5}, "01 01 02 02 03 05 00"},
		{"texts have their length", &configRow{version: 1, source: "{}"}, "01 01 02 02 7b7d 00"},
		{"a flag is its number", &Reply{Seq: 7, Empty: true}, "01 07 05 00"},
		{"records nest", &Field{Name: "f", Value: Text("v")}, "01 01 66 02 01 01 02 01 76 00 00"},
		{"lists have their count", &keysRecord{list: []KeyRecord{{Seq: 1}}}, "01 01" + " 01 10" + strings.Repeat("00", 16) + " 02 10" + strings.Repeat("00", 16) + " 03 01 00 00"},
	} {
		want := strings.ReplaceAll(tt.want, " ", "")
		if got := fmt.Sprintf("%x", appendRecord(nil, tt.r)); got != want {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
}

func TestDamagedRecords(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		into record
		want string
	}{
		{"nothing", nil, &deskRow{}, "cut short"},
		{"no end", []byte{1, 5}, &deskRow{}, "cut short"},
		{"a number cut short", []byte{1, 0x80}, &deskRow{}, "cut short"},
		{"a number too large", append([]byte{1}, bytes.Repeat([]byte{0xff}, 11)...), &deskRow{}, "too large"},
		{"an unknown field", []byte{4, 1, 0}, &deskRow{}, "field 4 is not known"},
		{"fields out of order", []byte{2, 1, 1, 1, 0}, &deskRow{}, "field 1 is not known"},
		{"a field twice", []byte{1, 1, 1, 1, 0}, &deskRow{}, "field 1 is not known"},
		{"more after the end", []byte{1, 1, 0, 9}, &deskRow{}, "1 bytes are left over"},
		{"a text past the end", []byte{2, 200, 1, 'x', 0}, &configRow{}, "runs past the end"},
		{"a count past the end", []byte{1, 200, 1}, &keysRecord{}, "runs past the end"},
		{"a level out of range", []byte{2, 0x80, 2, 0}, &Requirement{}, "field 2 is out of range"},
		{"a bucket out of range", append([]byte{32}, 0x80, 0x80, 0x80, 0x80, 0x20, 0), &Ticket{}, "field 32 is out of range"},
		{"a value of no kind", []byte{1, 9, 0}, &Value{}, "of kind 9"},
		{"a number that is none", []byte{1, 3, 2, 1, 'x', 0}, &Value{}, `number is "x"`},
		{"a target that is none", []byte{5, 1, 'x', 0}, &Clock{}, `target is "x"`},
		{"a short hash", []byte{1, 1, 'x', 0}, &KeyRecord{}, "not 16 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := readRecord(tt.data, tt.into)
			if !errors.Is(err, errWire) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one of damage with %q", err, tt.want)
			}
		})
	}
}

// TestEveryCutIsNoticed cuts a record at every byte.
func TestEveryCutIsNoticed(t *testing.T) {
	var ticket Ticket
	n := 0
	fill(reflect.ValueOf(&ticket).Elem(), &n)
	data := appendRecord(nil, &ticket)
	for end := range data {
		if err := readRecord(data[:end], new(Ticket)); !errors.Is(err, errWire) {
			t.Fatalf("cut at %d of %d: %v", end, len(data), err)
		}
	}
}

func TestEntriesOfAnotherFormatAreRefused(t *testing.T) {
	data := appendRecord(nil, &entriesRecord{format: Format + 1})
	if _, err := DecodeEntries(data); err == nil || !strings.Contains(err.Error(), "format 2 is not known") {
		t.Errorf("error %v", err)
	}
}

// TestEveryCommandSurvivesTheJournal fills each command and reads it back from
// an entry; names are those of its own field types, so only texts may be odd.
func TestEveryCommandSurvivesTheJournal(t *testing.T) {
	for _, d := range decoders() {
		t.Run(d.name, func(t *testing.T) {
			value := reflect.New(reflect.TypeOf(d.zero))
			n := 0
			fillCommand(value.Elem(), &n)
			command, ok := value.Elem().Interface().(Command)
			if !ok {
				t.Fatal("not a command")
			}
			entry := Entry{At: 5, Key: "k", Command: command, Reply: Reply{Seq: 1}, Events: []Event{{Seq: 1, At: 5, Type: CommandUnchanged}}}
			data, err := AppendEntries(nil, []Entry{entry})
			if err != nil {
				t.Fatal(err)
			}
			back, err := DecodeEntries(data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Entry{entry}, back, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
				t.Errorf("(-written +read):\n%s", diff)
			}
		})
	}
}

// fillCommand fills a command with values that it may have.
func fillCommand(v reflect.Value, n *int) {
	*n++
	switch at := v.Addr().Interface().(type) {
	case *Instant:
		*at = Instant(*n) * 1_000_000_000
	case *Status:
		*at = StatusOnHold
	case *Presence:
		*at = PresenceBusy
	case *Role:
		*at = RoleBot
	case *Priority:
		*at = PriorityHigh
	case *Value:
		*at = Text(fmt.Sprint("value", *n))
	case **Config:
		*at = &Config{Name: "desk"}
	default:
		fillKind(v, n)
	}
}

func fillKind(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillCommand(v.Field(i), n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillCommand(v.Index(0), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillCommand(key, n)
		fillCommand(value, n)
		v.SetMapIndex(key, value)
	default:
		fill(v, n)
	}
}
