package sla_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/sla"
)

func TestParseAmount(t *testing.T) {
	cases := []struct {
		text string
		want sla.Amount
		show string
	}{
		{"1h30m", sla.Amount{Open: 90 * time.Minute}, "1h30m"},
		{"90m", sla.Amount{Open: 90 * time.Minute}, "1h30m"},
		{"30s", sla.Amount{Open: 30 * time.Second}, "30s"},
		{"0s", sla.Amount{}, "0s"},
		{"2bd", sla.Amount{BusinessDays: 2}, "2bd"},
		{"1bd4h", sla.Amount{BusinessDays: 1, Open: 4 * time.Hour}, "1bd4h"},
		{"3wd", sla.Amount{WorkingDays: 3}, "3wd"},
		{"3wd at closing", sla.Amount{WorkingDays: 3, AtClosing: true}, "3wd at closing"},
		{"30d", sla.Amount{Days: 30}, "30d"},
		{"36525d", sla.Amount{Days: 36_525}, "36525d"},
		{"876600h", sla.Amount{Open: 876_600 * time.Hour}, "876600h"},
	}
	for _, tc := range cases {
		t.Run(tc.text, func(t *testing.T) {
			got, err := sla.ParseAmount(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("amount (-want +got):\n%s", diff)
			}
			if got.String() != tc.show || got.IsZero() != (tc.show == "0s") {
				t.Errorf("shown as %q, zero %v; want %q", got, got.IsZero(), tc.show)
			}
		})
	}
}

func TestParseAmountRefuses(t *testing.T) {
	const numbers = `write whole numbers with their units: "1h30m", "2bd", "3wd", "30d"`
	cases := []struct{ rule, text, want string }{
		{"nothing", "", numbers},
		{"no unit", "30", numbers},
		{"no number", "h", numbers},
		{"negative", "-1h", numbers},
		{"fraction", "1.5h", `unknown unit "."; units are bd, wd, d, h, m, s`},
		{"space", "1h 30m", `unknown unit "h "; units are bd, wd, d, h, m, s`},
		{"unknown unit", "2w", `unknown unit "w"; units are bd, wd, d, h, m, s`},
		{"upper case", "2H", `unknown unit "H"; units are bd, wd, d, h, m, s`},
		{"smallest first", "30m1h", `"h" is out of order; write the greatest unit first, each once`},
		{"unit twice", "1h1h", `"h" is out of order; write the greatest unit first, each once`},
		{"days and hours", "1d2h", "calendar days (d) combine with no other unit"},
		{"working days and hours", "1wd2h", "working days (wd) combine with no other unit"},
		{"business and working days", "1bd1wd", "working days (wd) combine with no other unit"},
		{"business and calendar days", "1bd1d", "calendar days (d) combine with no other unit"},
		{"closing of open time", "8h at closing", "only working days (wd) end at closing"},
		{"closing of calendar days", "2d at closing", "calendar days (d) combine with no other unit"},
		{"more days than the horizon", "36526d", "36526 days; write 0 to 36525"},
		{"more hours than the horizon", "876601h", "876601h is more than 36525 days"},
		{"more in sum than the horizon", "876600h1s", "open time of 876600h0m1s; write whole seconds, at most 36525 days"},
		{"more than a number holds", "99999999999999999999s", "99999999999999999999 is too large a number"},
		{"digits of another script", "٣d", numbers},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			got, err := sla.ParseAmount(tc.text)
			if !errors.Is(err, sla.ErrAmount) {
				t.Fatalf("ParseAmount(%q) = %v, %v; want ErrAmount", tc.text, got, err)
			}
			want := "sla: parse amount " + quote(tc.text) + ": not an amount of time: " + tc.want
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func quote(text string) string { return `"` + text + `"` }

func TestAmountValidate(t *testing.T) {
	wrong := []sla.Amount{
		{Open: -time.Second}, {Open: time.Millisecond}, {BusinessDays: -1}, {WorkingDays: -1}, {Days: -1}, {AtClosing: true},
	}
	for _, a := range wrong {
		if err := a.Validate(); !errors.Is(err, sla.ErrAmount) {
			t.Errorf("Validate(%+v) = %v, want ErrAmount", a, err)
		}
		if text, err := json.Marshal(a); err == nil {
			t.Errorf("Marshal(%+v) = %s, want an error", a, text)
		}
	}
}

func TestAmountInJSON(t *testing.T) {
	targets := map[string]sla.Amount{}
	const text = `{"high":"2h","low":"3wd at closing","normal":"1bd"}`
	if err := json.Unmarshal([]byte(text), &targets); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(targets)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(again)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	if err := json.Unmarshal([]byte(`{"high":"soon"}`), &targets); !errors.Is(err, sla.ErrAmount) {
		t.Errorf("error %v, want ErrAmount", err)
	}
}

func TestAmountTextIsReadAsTheSameAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 36_525)
		a := rapid.OneOf(
			rapid.Custom(func(t *rapid.T) sla.Amount {
				seconds := rapid.Int64Range(0, 36_525*86_400).Draw(t, "seconds")
				return sla.Amount{BusinessDays: days.Draw(t, "bd") - 1, Open: time.Duration(seconds) * time.Second}
			}),
			rapid.Custom(func(t *rapid.T) sla.Amount {
				return sla.Amount{WorkingDays: days.Draw(t, "wd"), AtClosing: rapid.Bool().Draw(t, "closing")}
			}),
			rapid.Custom(func(t *rapid.T) sla.Amount { return sla.Amount{Days: days.Draw(t, "d")} }),
		).Draw(t, "amount")
		got, err := sla.ParseAmount(a.String())
		if err != nil || got != a {
			t.Fatalf("ParseAmount(%q) = %+v, %v; want %+v", a, got, err, a)
		}
	})
}
