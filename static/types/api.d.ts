// What an operation of the API is asked with and answers, from the API's own description (openapi.d.ts, made by make lint).
import type { paths } from "./openapi";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Kind = "application/json" | "application/geo+json";
type Told<Answer, K extends Kind> = Answer extends { content: { [_ in K]: infer Body } } ? Body : never;
type Content<O, K extends Kind> = O extends { responses: infer R } ? Told<R[keyof R & (200 | 201 | 202)], K> : never;

/** Addresses that know the method. */
export type Address<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

export type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;

type Named = Record<string, any>;
type Asked<O, K extends string> = O extends { parameters: infer Q } ? (Q extends { [_ in K]?: infer V extends Named } ? V : Named) : Named;

/** Where and what is asked: names of the address, and of what stands behind it. */
export interface Where<P extends keyof paths, M extends Method> {
  path?: Asked<Operation<P, M>, "path">;
  query?: Asked<Operation<P, M>, "query">;
  signal?: AbortSignal;
}

/** The JSON it answers when all is well. */
export type Answer<P extends keyof paths, M extends Method> = Content<Operation<P, M>, "application/json">;

/** Addresses that answer features. */
export type Mapped = {
  [P in Address<"get">]: [Content<Operation<P, "get">, "application/geo+json">] extends [never] ? never : P;
}[Address<"get">];

export type Feature<P extends Mapped> =
  Content<Operation<P, "get">, "application/geo+json"> extends { features: (infer F)[] } ? F : never;

/** Addresses that take a form with files. */
export type Upload = {
  [P in Address<"post">]: Operation<P, "post"> extends { requestBody?: { content: { "multipart/form-data": unknown } } } ? P : never;
}[Address<"post">];

export type Sent<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody?: { content: { "application/json": infer Body } } } ? Body : never;
