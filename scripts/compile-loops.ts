/**
 * Makes WebAssembly's text form of loops that are written in TypeScript.
 *
 * In:    a file that exports one function `…Loops(memory: Views, …)` with functions within, the last statement of which
 *        returns those that others may call; its constants, imported ones too, by name. It may begin with
 *        `const { a, b } = otherLoops(memory, …)`, which takes functions of another such file, memories by the same names: all of
 *        that file is in the module then. Out: the source for `assemble`.
 * Holds: what runs as TypeScript and what is made of it do the same where the author keeps to this: a `number` is an
 *        integer of 32 bits, sums and products that may leave them end in `| 0` or are `Math.imul`; `Double` is the other
 *        number; a comparison of unsigned ones has `>>> 0` on both sides. Memory is `memory.i32[at]!`, with u8, u16, f64, and
 *        at any byte `memory.view.setUint32(at, value, true)`. `| 0` makes an integer of a quotient, and of a Double that
 *        is not beyond 32 bits.
 * Fails: with an Error that names file, line and what it cannot make.
 */
import { ARITHMETIC, COMPARISONS, VIEW_LOADS, VIEW_STORES, VIEWS } from './loop-instructions.ts';
import type { Kind } from './loop-instructions.ts';
import type { Part, Tree } from './loop-parts.ts';
import { constantOf, partsOf } from './loop-parts.ts';

type Code = { readonly text: string; readonly kind: Kind };
type Signature = { readonly params: readonly Kind[]; readonly result: Kind | null };

/** Compiles the functions of one file. */
class Compiler {
  readonly #path: string;
  readonly #source: string;
  readonly #constants: ReadonlyMap<string, number>;
  readonly #memories: readonly string[];
  readonly #signatures: Map<string, Signature>;
  /** Of the function at hand: names to locals, scope in scope, and the locals so far. */
  #scopes: Map<string, { readonly local: string; readonly kind: Kind }>[] = [];
  #locals: string[] = [];
  #result: Kind | null = null;
  #labels = 0;
  /** Around the statement at hand, the innermost last. */
  readonly #loops: { readonly out: string; readonly next: string }[] = [];

  /** @param signatures  of the functions of the module so far */
  constructor(part: Pick<Part, 'path' | 'source' | 'constants' | 'memories'>, signatures: Map<string, Signature>) {
    this.#path = part.path;
    this.#source = part.source;
    this.#constants = part.constants;
    this.#memories = part.memories;
    this.#signatures = signatures;
  }

  all(functions: readonly Tree[], exported: ReadonlySet<string>): string[] {
    for (const one of functions) {
      if (this.#signatures.has(one.id.name)) this.#fail(one, `another function of the module is ${one.id.name} too`);
      this.#signatures.set(one.id.name, {
        params: one.params.map((param: Tree) => this.#kindOf(param.typeAnnotation?.typeAnnotation)),
        result:
          one.returnType?.typeAnnotation.type === 'TSVoidKeyword' ? null : this.#kindOf(one.returnType?.typeAnnotation),
      });
    }
    return functions.map((one) => this.#function(one, exported.has(one.id.name)));
  }

  #fail(node: Tree, what: string): never {
    const line = this.#source.slice(0, node?.start ?? 0).split('\n').length;
    throw new Error(`${this.#path}:${line}: ${what}`);
  }

  #kindOf(type: Tree): Kind {
    if (type?.type === 'TSNumberKeyword') return 'i32';
    if (type?.type === 'TSTypeReference' && type.typeName.name === 'Double') return 'f64';
    return this.#fail(type, 'a number or Double is wanted');
  }

  #function(node: Tree, isExported: boolean): string {
    const { params, result } = this.#signatures.get(node.id.name)!;
    this.#scopes = [new Map()];
    this.#locals = [];
    this.#result = result;
    const head = node.params.map((param: Tree, at: number) => {
      this.#scopes[0]!.set(param.name, { local: param.name, kind: params[at]! });
      return ` (param $${param.name} ${params[at]})`;
    });
    const body = this.#block(node.body.body);
    const name = node.id.name;
    const end = result === null ? '' : ' (unreachable)';
    return `(func $${name}${isExported ? ` (export "${name}")` : ''}${head.join('')}${result === null ? '' : ` (result ${result})`}${this.#locals.join('')}\n${body}${end})`;
  }

  #block(statements: readonly Tree[]): string {
    this.#scopes.push(new Map());
    const text = statements.map((one) => this.#statement(one)).join('\n');
    this.#scopes.pop();
    return text;
  }

  #statement(node: Tree): string {
    switch (node.type) {
      case 'BlockStatement':
        return this.#block(node.body);
      case 'VariableDeclaration':
        return node.declarations.map((one: Tree) => this.#declare(one)).join('\n');
      case 'ExpressionStatement':
        return this.#effect(node.expression);
      case 'IfStatement': {
        const otherwise = node.alternate === null ? '' : ` (else ${this.#block([node.alternate])})`;
        return `(if ${this.#condition(node.test)} (then ${this.#block([node.consequent])})${otherwise})`;
      }
      case 'WhileStatement':
        return this.#loop(node.test, node.body, null);
      case 'ForStatement': {
        this.#scopes.push(new Map());
        const start =
          node.init === null
            ? ''
            : node.init.type === 'VariableDeclaration'
              ? this.#statement(node.init)
              : this.#effect(node.init);
        const text = `${start}\n${this.#loop(node.test, node.body, node.update)}`;
        this.#scopes.pop();
        return text;
      }
      case 'ReturnStatement':
        if (node.argument === null) return '(return)';
        return `(return ${this.#as(node.argument, this.#result ?? this.#fail(node, 'nothing is returned here'))})`;
      case 'BreakStatement':
        return `(br ${this.#loops.at(-1)!.out})`;
      case 'ContinueStatement':
        return `(br ${this.#loops.at(-1)!.next})`;
      default:
        return this.#fail(node, `no statement for loops: ${node.type}`);
    }
  }

  #declare(one: Tree): string {
    const told = one.id.typeAnnotation;
    const value = one.init === null ? null : this.#expression(one.init);
    const kind: Kind = told
      ? this.#kindOf(told.typeAnnotation)
      : value === null
        ? 'i32'
        : value.kind === 'f64'
          ? 'f64'
          : 'i32';
    const local = `${one.id.name}.${this.#locals.length}`;
    this.#locals.push(` (local $${local} ${kind})`);
    const text = value === null ? '' : `(local.set $${local} ${this.#convert(value, kind, one)})`;
    this.#scopes.at(-1)!.set(one.id.name, { local, kind });
    return text;
  }

  #loop(test: Tree, body: Tree, update: Tree): string {
    const number = this.#labels++;
    const labels = { out: `$out${number}`, next: `$next${number}` };
    this.#loops.push(labels);
    const leave = test === null ? '' : `(br_if ${labels.out} (i32.eqz ${this.#condition(test)}))`;
    const inside = this.#block([body]);
    this.#loops.pop();
    const step = update === null ? '' : this.#effect(update);
    return `(block ${labels.out} (loop $again${number} ${leave} (block ${labels.next} ${inside}) ${step} (br $again${number})))`;
  }

  /** A statement that is an expression. */
  #effect(node: Tree): string {
    if (node.type === 'AssignmentExpression') {
      const operator = node.operator.slice(0, -1);
      const value =
        operator === '' ? this.#expression(node.right) : this.#binary(node, operator, node.left, node.right);
      return this.#assign(node.left, value);
    }
    if (node.type === 'UpdateExpression') {
      const { text, kind } = this.#expression(node.argument);
      const operator = node.operator === '++' ? 'add' : 'sub';
      return this.#assign(node.argument, { text: `(${kind}.${operator} ${text} (${kind}.const 1))`, kind });
    }
    if (node.type === 'CallExpression') {
      const stored = node.callee.type === 'MemberExpression' ? VIEW_STORES[node.callee.property.name] : undefined;
      if (stored !== undefined) {
        const [at, value] = node.arguments;
        return `(${stored[0]} ${this.#anywhere(node, at)} ${this.#as(value, stored[1])})`;
      }
      const { result } = this.#signatures.get(node.callee.name) ?? this.#fail(node, 'no such function');
      return result === null ? this.#call(node) : `(drop ${this.#call(node)})`;
    }
    return this.#fail(node, `no effect: ${node.type}`);
  }

  #assign(target: Tree, value: Code): string {
    if (target.type === 'Identifier') {
      const { local, kind } = this.#local(target);
      return `(local.set $${local} ${this.#convert(value, kind, target)})`;
    }
    const { view, place } = this.#place(target);
    return `(${view.store} ${place} ${this.#convert(value, view.shift === 3 ? 'f64' : 'i32', target)})`;
  }

  #local(node: Tree): { readonly local: string; readonly kind: Kind } {
    const found = this.#scopes.findLast((scope) => scope.has(node.name))?.get(node.name);
    return found ?? this.#fail(node, `no such local: ${node.name}`);
  }

  /** Where an element of a view is: memory, offset, address. */
  #place(node: Tree): { readonly view: (typeof VIEWS)[string]; readonly place: string } {
    if (node.type === 'TSNonNullExpression') return this.#place(node.expression);
    if (node.type !== 'MemberExpression' || !node.computed) return this.#fail(node, 'an element of a view is wanted');
    const { object, property } = node.object;
    const view = VIEWS[property?.name] ?? this.#fail(node, 'u8, u16, i32 or f64 is wanted');
    if (!this.#memories.includes(object.name)) this.#fail(node, `no such memory: ${object.name}`);
    const [base, offset] = this.#sum(node.property);
    const scaled =
      base === null ? '(i32.const 0)' : view.shift === 0 ? base : `(i32.shl ${base} (i32.const ${view.shift}))`;
    return { view, place: `$${object.name} offset=${offset << view.shift} ${scaled}` };
  }

  /** Where `memory.view` is asked: memory, offset, address. */
  #anywhere(call: Tree, at: Tree): string {
    const { object, property } = call.callee.object;
    if (property?.name !== 'view' || !this.#memories.includes(object.name)) this.#fail(call, 'no view of a memory');
    const little = call.arguments.at(-1);
    if (little.type !== 'Literal' || little.value !== true) this.#fail(call, 'the lowest byte comes first: true');
    const [base, offset] = this.#sum(at);
    return `$${object.name} offset=${offset} ${base ?? '(i32.const 0)'}`;
  }

  /** An index as what is computed and a constant; sums are taken apart for it. */
  #sum(node: Tree): readonly [base: string | null, constant: number] {
    const constant = this.#constantOf(node);
    if (constant !== null) return [null, constant];
    if (node.type === 'BinaryExpression' && node.operator === '+') {
      const [a, b] = [this.#sum(node.left), this.#sum(node.right)];
      const base = a[0] === null ? b[0] : b[0] === null ? a[0] : `(i32.add ${a[0]} ${b[0]})`;
      return [base, a[1] + b[1]];
    }
    return [this.#as(node, 'i32'), 0];
  }

  /** The number that an expression is whatever happens, null where it is none. */
  #constantOf(node: Tree): number | null {
    return constantOf(node, (name) =>
      this.#scopes.some((scope) => scope.has(name)) ? null : (this.#constants.get(name) ?? null),
    );
  }

  #as(node: Tree, kind: Kind): string {
    return this.#convert(this.#expression(node, kind), kind, node);
  }

  #convert(value: Code, kind: Kind, node: Tree): string {
    if (kind === value.kind || (kind !== 'f64' && value.kind !== 'f64')) return value.text;
    if (kind === 'f64') return `(f64.convert_i32_${value.kind === 'u32' ? 'u' : 's'} ${value.text})`;
    return this.#fail(node, 'a Double where an integer is wanted');
  }

  #condition(node: Tree): string {
    return this.#as(node, 'i32');
  }

  #expression(node: Tree, wanted: Kind = 'i32'): Code {
    const constant = this.#constantOf(node);
    if (constant !== null) {
      const kind = wanted === 'f64' || !Number.isInteger(constant) || Math.abs(constant) > 0xffff_ffff ? 'f64' : 'i32';
      const text = constant === Infinity ? 'Infinity' : constant === -Infinity ? '-Infinity' : String(constant);
      return { text: `(${kind}.const ${text})`, kind };
    }
    switch (node.type) {
      case 'ParenthesizedExpression':
      case 'TSNonNullExpression':
        return this.#expression(node.expression, wanted);
      case 'Identifier': {
        const { local, kind } = this.#local(node);
        return { text: `(local.get $${local})`, kind };
      }
      case 'MemberExpression': {
        const { view, place } = this.#place(node);
        return { text: `(${view.load} ${place})`, kind: view.shift === 3 ? 'f64' : 'i32' };
      }
      case 'BinaryExpression':
        return this.#binary(node, node.operator, node.left, node.right);
      case 'LogicalExpression': {
        const [a, b] = [this.#condition(node.left), this.#condition(node.right)];
        const text =
          node.operator === '&&'
            ? `(if (result i32) ${a} (then ${b}) (else (i32.const 0)))`
            : `(if (result i32) ${a} (then (i32.const 1)) (else ${b}))`;
        return { text, kind: 'i32' };
      }
      case 'ConditionalExpression': {
        const [a, b] = [this.#expression(node.consequent, wanted), this.#expression(node.alternate, wanted)];
        const kind = a.kind === 'f64' || b.kind === 'f64' ? 'f64' : 'i32';
        const [then, otherwise] = [this.#as(node.consequent, kind), this.#as(node.alternate, kind)];
        return { text: `(if (result ${kind}) ${this.#condition(node.test)} (then ${then}) (else ${otherwise}))`, kind };
      }
      case 'UnaryExpression': {
        const { text, kind } = this.#expression(node.argument, wanted);
        if (node.operator === '!') return { text: `(i32.eqz ${text})`, kind: 'i32' };
        if (node.operator === '~') return { text: `(i32.xor ${text} (i32.const -1))`, kind: 'i32' };
        if (node.operator === '-') return { text: `(${kind}.sub (${kind}.const 0) ${text})`, kind };
        return this.#fail(node, `no operator for loops: ${node.operator}`);
      }
      case 'CallExpression':
        return this.#called(node);
      default:
        return this.#fail(node, `no expression for loops: ${node.type}`);
    }
  }

  #binary(node: Tree, operator: string, left: Tree, right: Tree): Code {
    if (operator === '|' && this.#constantOf(right) === 0) return this.#whole(left);
    let [a, b] = [this.#expression(left), this.#expression(right)];
    const isDouble = a.kind === 'f64' || b.kind === 'f64';
    if (isDouble) {
      a = { text: this.#as(left, 'f64'), kind: 'f64' };
      b = { text: this.#as(right, 'f64'), kind: 'f64' };
    }
    const comparison = COMPARISONS[operator];
    if (comparison !== undefined) {
      if (isDouble) return { text: `(f64.${comparison} ${a.text} ${b.text})`, kind: 'i32' };
      if (comparison === 'eq' || comparison === 'ne')
        return { text: `(i32.${comparison} ${a.text} ${b.text})`, kind: 'i32' };
      if (a.kind !== b.kind && this.#constantOf(left) === null && this.#constantOf(right) === null)
        this.#fail(node, 'one side is unsigned, the other is not');
      const sign = a.kind === 'u32' || b.kind === 'u32' ? 'u' : 's';
      return { text: `(i32.${comparison}_${sign} ${a.text} ${b.text})`, kind: 'i32' };
    }
    const made = ARITHMETIC[operator];
    if (made === undefined || (isDouble && !'+-*/'.includes(operator)) || (!isDouble && operator === '/'))
      this.#fail(node, `no operator for loops: ${operator}`);
    if (isDouble) return { text: `(f64.${made} ${a.text} ${b.text})`, kind: 'f64' };
    if (operator === '>>>' && this.#constantOf(right) === 0) return { text: a.text, kind: 'u32' };
    return { text: `(i32.${made} ${a.text} ${b.text})`, kind: 'i32' };
  }

  /** What `| 0` makes of a value: of a quotient of integers, a Double, or an integer, which it is already. */
  #whole(node: Tree): Code {
    if (node.type === 'ParenthesizedExpression') return this.#whole(node.expression);
    if (node.type === 'BinaryExpression' && node.operator === '/') {
      const [a, b] = [this.#expression(node.left), this.#expression(node.right)];
      if (a.kind !== 'f64' && b.kind !== 'f64')
        return { text: `(i32.div_${a.kind === 'u32' ? 'u' : 's'} ${a.text} ${b.text})`, kind: 'i32' };
    }
    const { text, kind } = this.#expression(node);
    return { text: kind === 'f64' ? `(i32.trunc_sat_f64_s ${text})` : text, kind: 'i32' };
  }

  #called(node: Tree): Code {
    const { callee } = node;
    const [a, b] = node.arguments;
    if (callee.type === 'MemberExpression' && callee.object.name === 'Math') {
      if (callee.property.name === 'imul')
        return { text: `(i32.mul ${this.#as(a, 'i32')} ${this.#as(b, 'i32')})`, kind: 'i32' };
      if (callee.property.name === 'clz32') return { text: `(i32.clz ${this.#as(a, 'i32')})`, kind: 'i32' };
      if (callee.property.name === 'floor') return { text: `(f64.floor ${this.#as(a, 'f64')})`, kind: 'f64' };
      this.#fail(node, `no such function for loops: Math.${callee.property.name}`);
    }
    const loaded = callee.type === 'MemberExpression' ? VIEW_LOADS[callee.property.name] : undefined;
    if (loaded !== undefined)
      return { text: `(${loaded} ${this.#anywhere(node, a)})`, kind: loaded.startsWith('f64') ? 'f64' : 'i32' };
    const { result } = this.#signatures.get(callee.name) ?? this.#fail(node, `no such function: ${callee.name}`);
    return { text: this.#call(node), kind: result ?? this.#fail(node, `${callee.name} returns nothing`) };
  }

  #call(node: Tree): string {
    const { params } = this.#signatures.get(node.callee.name)!;
    if (params.length !== node.arguments.length) this.#fail(node, 'another number of arguments');
    return `(call $${node.callee.name} ${params.map((kind, at) => this.#as(node.arguments[at], kind)).join(' ')})`;
  }
}

/**
 * Compiles a file of loops, with those that it takes functions of.
 *
 * @returns the source for `assemble`
 */
export async function compileLoops(url: URL): Promise<string> {
  const parts = await partsOf(url);
  const main = parts.get(url.href)!;
  const signatures = new Map<string, Signature>();
  const functions = [...parts.values()].flatMap((part) =>
    new Compiler(part, signatures).all(part.functions, part === main ? part.exported : new Set()),
  );
  return [...main.memories.map((name) => `(memory $${name})`), ...functions].join('\n');
}
