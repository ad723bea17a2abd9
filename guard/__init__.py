"""The guard of the whole house: who may see and do what in a browser, in front of everything that is shown there.

How a page is added
-------------------
Pages that belong together are one `Section` (`guard.sections`): its routes, its entries in the navigation, its
templates and, where a form takes files, how large they may be. It is handed to `guard.app.create_app`.

    from guard.rendering import render
    from guard.sections import Entry, Section
    from guard.users import allowed

    @allowed("examiner", "operator")
    async def claims(request: Request) -> Response:
        if request.method == "POST":
            form = await request.form()
            line = await run_in_threadpool(decide, request.app.state.home, str(form["claim"]), request.user.name)
            ...
            return RedirectResponse("/desk/claims", 303)
        return render(request, "claims.html", claims=...)

    DESK = Section(
        routes=[Route("/desk/claims", claims, methods=["GET", "POST"])],
        entries=[Entry("/desk/claims", "加减分事项", ("examiner", "operator"))],
        templates=Path(__file__).parent / "templates",
        uploads={"/desk/upload": 50_000_000},
    )

* A route without `@allowed` is refused when the application is made. Who is not logged in is sent to log in, who may
  not gets a page that says so. `request.user` has `name`, `role`, `examines` and `codes` (of the units and departments
  it stands for; none for examiners and operators). `require_code(request, code)` raises unless the page is the user's
  own, or they examine.
* A section may bring `/` itself: the first page that is shown else is at `/results` too.
* A template extends `base.html` and fills `title` and `main`; there is no inline style or script: the policy forbids
  both. Classes are those of `static/guard.css`; a section's own files lie in its `static` folder.
* A form needs no token: a request that changes something is let through only from a page of ours (`guard.policy`).
  Everything else than GET, HEAD and POST is refused before.
* What a request does acts as its user: a ledger entry made in it, also in `run_in_threadpool`, has their name.
* An exception in `Section.refusals` becomes a page with its message, status 409; `HTTPException` a page with its own.
* `note(request, ...)` of `guard.request_log` adds words to the request's line in the log.
"""
