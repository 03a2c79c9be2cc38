package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/yardmaster/yardmaster/cmd/yardmaster/internal/api"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

func ExampleNew() {
	ctx := context.Background()
	eng, err := engine.Open(ctx, persist.NewMemory(), engine.Options{Config: &core.Config{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer eng.Close(ctx)
	desk, err := eng.Desk(ctx, engine.DefaultDesk)
	if err != nil {
		fmt.Println(err)
		return
	}
	face := api.New(eng, desk, api.Options{})

	for _, body := range []string{`{"id":"42","subject":"Printer on fire"}`, `{"id":"42"}`} {
		answer := httptest.NewRecorder()
		face.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/v1/tickets", strings.NewReader(body)))
		fmt.Println(answer.Code, answer.Header().Get("Content-Type"))
	}
	// Output:
	// 201 application/json
	// 409 application/problem+json
}
