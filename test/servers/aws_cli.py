"""aws-cli's own driver, started once: what a process of it does for a call, without starting anew.

In:    lines of JSON: `args`, the words after `aws`; or `operation` and `document`, to be cut to what this version knows.
Out:   for each a line of JSON: `code`, `out` and `err`, as a process would end and print; or `document`.
Holds: the code that runs is aws-cli's: its reading of words, its request, its reading of the answer, its printing. Each call is made
       by a child of its own, for a call leaves handlers behind; what all have in common was loaded before.
"""

import gc
import io
import json
import os
import sys

import awscli
import awscli.clidriver


def known(shape, value):
    """The members of a document that this version's model of an answer has; none where it knows no answer."""
    if shape is None:
        return None
    if shape.type_name == "structure":
        return {name: known(shape.members[name], one) for name, one in value.items() if name in shape.members}
    if shape.type_name == "list":
        return [known(shape.member, one) for one in value]
    return value


def call(driver, args):
    """Runs one call with what it prints kept."""
    kept = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = kept
    try:
        code = driver.main(args)
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout, sys.stderr = before
    texts = []
    for stream in kept:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return {"code": code, "out": texts[0], "err": texts[1]}


def forked(driver, args):
    """Runs one call in a child."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with open(writing, "w", encoding="utf-8") as pipe:
            json.dump(call(driver, args), pipe)
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        answer = json.load(pipe)
    os.waitpid(child, 0)
    return answer


def main():
    driver = awscli.clidriver.create_clidriver()
    driver._get_command_table()["ec2"]._get_command_table()
    driver.session.create_client("ec2")
    gc.freeze()
    print(json.dumps({"version": awscli.__version__, "place": awscli.__file__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "args" in asked:
            answer = forked(driver, asked["args"])
        else:
            model = driver.session.get_service_model("ec2").operation_model(asked["operation"])
            answer = {"document": known(model.output_shape, asked["document"])}
        print(json.dumps(answer), flush=True)


main()
